"""Where a project works: as printed, and as computed."""

from django.db import models

from cairn.portfolio.models.project import Project


class ProjectPlace(models.Model):
    """A place as a source names it, and what it was resolved to.

    `kind`: country, group, region, world, undetermined or unknown (core.geography.resolve).
    `codes`: alpha-3, group or M49 codes. `minimum` / `maximum`: how many countries an
    undetermined place stands for ("five pilot countries").
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="places")
    number = models.PositiveSmallIntegerField()
    printed = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    codes = models.JSONField(default=list)
    minimum = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="project_place_once")
        ]

    def __str__(self) -> str:
        return self.printed


class ProjectCountry(models.Model):
    """A country that a project reaches. `via`: "" when it is named, else the group's code."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="countries")
    country = models.CharField(max_length=3, db_index=True)
    via = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "country", "via"], name="project_country_once"
            )
        ]

    def __str__(self) -> str:
        return self.country


class ProjectRegion(models.Model):
    """A UN M49 region or sub-region that a project touches, computed from its places."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="regions")
    region = models.CharField(max_length=3, db_index=True)
    is_continent = models.BooleanField(default=False)

    class Meta:
        ordering = ["region"]
        constraints = [
            models.UniqueConstraint(fields=["project", "region"], name="project_region_once")
        ]

    def __str__(self) -> str:
        return self.region
