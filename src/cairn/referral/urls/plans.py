"""Addresses of assistance plans, services given, claims and returns."""

from django.urls import path

from cairn.referral.views import matters, plans, returns

P = "persons/<str:code>"
urlpatterns = [
    path(f"{P}/plan/", plans.plans, name="plans"),
    path(f"{P}/plan/new/", plans.new_plan, name="plan-new"),
    path(f"{P}/plan/<int:number>/", plans.step, name="plan-move"),
    path(f"{P}/plan/<int:number>/goals/new/", plans.new_goal, name="goal-new"),
    path(f"{P}/goals/<int:number>/", plans.goal, name="goal-settle"),
    path(f"{P}/services/", plans.episodes, name="episodes"),
    path(f"{P}/services/new/", plans.new_episode, name="episode-new"),
    path(f"{P}/services/<int:number>/end/", plans.episode_end, name="episode-end"),
    path(f"{P}/services/later/<int:number>/", plans.follow_up, name="follow-up"),
    path(f"{P}/safety/", plans.safety, name="safety"),
    path(f"{P}/safety/new/", plans.new_safety, name="safety-new"),
    path(f"{P}/claims/", matters.matters, name="matters"),
    path(f"{P}/claims/new/", matters.new_matter, name="matter-new"),
    path(f"{P}/claims/<int:number>/", matters.step, name="matter-move"),
    path(f"{P}/return/", returns.returns, name="returns"),
    path(f"{P}/return/new/", returns.new_return, name="return-new"),
    path(f"{P}/return/<int:number>/choices/", returns.counsel, name="return-counsel"),
    path(f"{P}/return/<int:number>/danger/", returns.assess, name="return-assess"),
    path(f"{P}/return/<int:number>/departure/", returns.prepare, name="return-prepare"),
    path(f"{P}/return/<int:number>/step/", returns.step, name="return-move"),
    path(f"{P}/return/<int:number>/visits/<int:months>/", returns.visit, name="return-visit"),
    path(f"{P}/return/<int:number>/feared/", returns.concern, name="return-concern"),
]
