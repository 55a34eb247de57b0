"""Long work: the parts that show how far it is, and the button that stops it."""

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.calllog import tasks
from callrouter.calllog.audit import Deed, append
from callrouter.domain.words import Role
from callrouter.web.rendering import render_part
from callrouter.web.safety import safe_path
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.task_list import LISTS, task_list


def blueprint(site: Site) -> Blueprint:
    """Asked for by every page that shows tasks."""
    routes = Blueprint("tasks", __name__)

    @routes.get("/exports/now")
    def own() -> Response:
        return render_part("part_tasks.html", **task_list(site, "exports"))

    @routes.get("/administration/tasks/<kind>")
    def of_kind(kind: str) -> Response:
        if kind not in LISTS or kind == "exports":
            abort(404)
        return render_part("part_tasks.html", **task_list(site, kind))

    @routes.post("/tasks/<key>/stop")
    def stop(key: str) -> Response:
        user = signed_in()
        with site.database.writing() as connection:
            task = tasks.find(connection, key)
            if task is None or (task.by != user.name and user.role is not Role.ADMINISTRATOR):
                abort(404)
            if tasks.cancel(connection, key, user.name):
                append(connection, Deed(user.name, "task-stop", f"task {key}", {}, visit().at))
        back = safe_path(request.form.get("back"))
        return redirect(request.script_root + back if back else url_for("home.home"), 303)

    return routes
