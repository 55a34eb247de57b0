from tests.calllog.engines import database, empty_url, postgres, sqlite_url, url

__all__ = ["database", "empty_url", "postgres", "sqlite_url", "url"]
