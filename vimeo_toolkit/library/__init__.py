"""A searchable copy of what is said in a user's videos: kept up to date, asked in words, answered to the second."""
