"""Representations: what the API shows of each thing, whole, as its OpenAPI document (2024) describes it."""
