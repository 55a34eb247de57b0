"""The service on granian, another server: put together in each of its workers, as `Server` does it in gunicorn's."""

import atexit
import os  # as the command that serves reads it

from callrouter import logs
from callrouter.app import create_app
from callrouter.settings import phone_network_settings

settings = phone_network_settings(os.environ["URL"])  # noqa: TID251 - as above
application = create_app(settings, with_jobs=False, log=logs.set_up(settings.health.log_format))
application.start()
atexit.register(application.stop)
app = application.asgi
