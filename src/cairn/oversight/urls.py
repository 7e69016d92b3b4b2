"""Addresses of the data-protection officer's desk."""

from django.urls import path

from cairn.oversight.views import desk, erasures, keys, links, log, retention

app_name = "oversight"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("retention/", retention.due, name="retention"),
    path("retention/<slug:kind>/<str:code>/", retention.keep_longer, name="keep-longer"),
    path("holds/", retention.holds, name="holds"),
    path("holds/new/", retention.place_hold, name="hold-new"),
    path("holds/<uuid:pk>/lift/", retention.lift_hold, name="hold-lift"),
    path("erasures/", erasures.erasures_list, name="erasures"),
    path("erasures/new/<slug:kind>/<str:code>/", erasures.ask, name="erasure-new"),
    path("erasures/<uuid:pk>/", erasures.erasure, name="erasure"),
    path("erasures/<uuid:pk>/approve/", erasures.approve, name="erasure-approve"),
    path("erasures/<uuid:pk>/refuse/", erasures.refuse, name="erasure-refuse"),
    path("links/", links.links_list, name="links"),
    path("keys/", keys.keys, name="keys"),
    path("keys/renew/", keys.renew, name="keys-renew"),
    path("log/", log.log, name="log"),
    path("log/checkpoint/", log.checkpoint, name="checkpoint"),
]
