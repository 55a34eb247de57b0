"""callrouter on granian: the same application, put together and started in each worker."""

from callrouter import logs
from callrouter.app import create_app
from callrouter.settings import service_settings
from callrouter.web.entrance import Entrance

settings = service_settings()
application = create_app(settings, with_jobs=False, log=logs.set_up(settings.health.log_format))
application.start()
app = Entrance(application.webhooks, application.flask, settings.threads)
