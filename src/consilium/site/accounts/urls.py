"""The addresses of the people of the board, of invitations and of notices."""

from __future__ import annotations

from django.urls import path

from consilium.site.accounts import joining_pages, notice_pages, people_pages

urlpatterns = [
    path("board/people/", people_pages.people_list, name="people"),
    path("board/people/<int:person>/", people_pages.one_person, name="person"),
    path("board/people/<int:person>/role", people_pages.change_role, name="person-role"),
    path("board/people/<int:person>/state", people_pages.change_state, name="person-state"),
    path("board/people/<int:person>/factor", people_pages.reset_factor, name="person-factor"),
    path("board/invitations/", joining_pages.invite, name="invite"),
    path("board/invitations/<int:invitation>/send", joining_pages.send_again, name="invitation-send"),
    path("board/invitations/<int:invitation>/revoke", joining_pages.revoke, name="invitation-revoke"),
    path("board/join/<str:secret>/", joining_pages.join, name="join"),
    path("board/operator/<str:secret>/", joining_pages.become_operator, name="become-operator"),
    path("me/notices/", notice_pages.mine, name="notices"),
    path("me/notices/<int:notice>/open", notice_pages.open_one, name="notice-open"),
    path("me/notices/read", notice_pages.read_all, name="notices-read"),
    path("me/notices/post", notice_pages.choose_post, name="notices-post"),
]
