from django.apps import AppConfig


class MatchesConfig(AppConfig):
    name = "matches"

    def ready(self) -> None:
        from accounts.operations.organisations import before_deletion
        from matches.operations.forgetting import forget_organisation
        from matches.queries import live
        from realtime import topics

        topics.register(live.PREFIX, may_read=live.may_read, snapshot=live.snapshot)
        before_deletion(forget_organisation)
