"""The JSON Schema of schedule.yaml, made from the definitions that read it: editors complete and underline by it."""

from callrouter.schedule.format.readers import Json
from callrouter.schedule.format.shape import FILE


def json_schema() -> Json:
    """Return the schema (draft 2020-12). What no schema can say, such as a route that ends, it leaves to the loader."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "schedule.yaml of callrouter",
        **FILE.json_schema(),
    }
