"""The documentation's pages and pictures, made before a site generator reads them."""
