"""Every address of the phone and of the desks around it, by part."""

from django.urls import include, path

from cairn.field.urls import api, app, devices, paper, submit

app_name = "field"
urlpatterns = [
    path("field/", include(app.urlpatterns)),
    path("field/api/", include(api.urlpatterns)),
    path("devices/", include(devices.urlpatterns)),
    path("paper/", include(paper.urlpatterns)),
    path("report/", include(submit.urlpatterns)),
]
