from django.urls import path

from accounts.views import (
    audit,
    auth,
    invitations,
    members,
    organisations,
    passwords,
    registration,
    sessions,
    user_statistics,
    users,
)
from core.api import converters  # noqa: F401  makes `<id:...>` known

urlpatterns = [
    path("auth/login", auth.LoginView.as_view(), name="auth-login"),
    path("auth/refresh", auth.RefreshView.as_view(), name="auth-refresh"),
    path("auth/logout", auth.LogoutView.as_view(), name="auth-logout"),
    path("auth/logout-all", auth.LogoutAllView.as_view(), name="auth-logout-all"),
    path("auth/verify", auth.VerifyView.as_view(), name="auth-verify"),
    path("auth/sessions", sessions.SessionsView.as_view(), name="auth-sessions"),
    path("auth/sessions/<id:session_id>", sessions.SessionView.as_view(), name="auth-session"),
    path("auth/register", registration.RegisterView.as_view(), name="auth-register"),
    path("auth/email/verify", registration.EmailVerifyView.as_view(), name="auth-email-verify"),
    path(
        "auth/email/verify/resend",
        registration.EmailResendView.as_view(),
        name="auth-email-resend",
    ),
    path(
        "auth/password/change",
        passwords.PasswordChangeView.as_view(),
        name="auth-password-change",
    ),
    path("auth/password/reset", passwords.PasswordResetView.as_view(), name="auth-password-reset"),
    path(
        "auth/password/reset/confirm",
        passwords.PasswordResetConfirmView.as_view(),
        name="auth-password-reset-confirm",
    ),
    path("auth/me", auth.MeView.as_view(), name="auth-me"),
    path("users/me", users.ProfileView.as_view(), name="users-me"),
    path("users", users.UsersView.as_view(), name="users"),
    path("users/statistics", user_statistics.UserStatisticsView.as_view(), name="users-statistics"),
    path("users/<id:user_id>", users.UserView.as_view(), name="user"),
    path("organisations", organisations.OrganisationsView.as_view(), name="organisations"),
    path(
        "organisations/<id:organisation_id>",
        organisations.OrganisationView.as_view(),
        name="organisation",
    ),
    path(
        "organisations/<id:organisation_id>/members", members.MembersView.as_view(), name="members"
    ),
    path(
        "organisations/<id:organisation_id>/members/<id:user_id>",
        members.MemberView.as_view(),
        name="member",
    ),
    path(
        "organisations/<id:organisation_id>/leave",
        members.LeaveView.as_view(),
        name="organisation-leave",
    ),
    path(
        "organisations/<id:organisation_id>/invitations",
        invitations.InvitationsView.as_view(),
        name="invitations",
    ),
    path(
        "organisations/<id:organisation_id>/invitations/<id:invitation_id>",
        invitations.InvitationView.as_view(),
        name="invitation",
    ),
    path(
        "organisations/<id:organisation_id>/audit",
        audit.OrganisationAuditView.as_view(),
        name="organisation-audit",
    ),
    path(
        "invitations/preview",
        invitations.InvitationPreviewView.as_view(),
        name="invitation-preview",
    ),
    path(
        "invitations/accept", invitations.InvitationAcceptView.as_view(), name="invitation-accept"
    ),
]
