"""callrouter on granian: the same application, put together and started in each worker."""

from callrouter import logs
from callrouter.app import create_app
from callrouter.settings import service_settings

settings = service_settings()
application = create_app(settings, with_jobs=False, log=logs.set_up(settings.health.log_format))
application.start()
app = application.asgi
