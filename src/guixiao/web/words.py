"""The sentences the scripts say, in the reader's language. Sent with every page as JSON."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Key → sentence. A key used in ``frontend/js`` must be here (a test reads the scripts)."""
    return {**_common(), **_spans(), **_delivery(), **_roll_call()}


def _common() -> dict[str, str]:
    return {
        "close": _("关闭"),
        "cancel": _("不做了"),
        "sure": _("确定吗？"),
        "go_on": _("确定"),
        "sign_out": _("退出登录"),
        "understood": _("知道了"),
        "reload": _("重新打开"),
        "no_network": _("没有连上网络，稍后再点一次。"),
        "server_trouble": _("系统没有处理成功，内容还在本机。请稍后再试。"),
        "sign_in_again": _("登录已过期或没有权限。内容还在本机，请重新登录后再交。"),
    }


def _spans() -> dict[str, str]:
    return {
        "left": _("还剩 {span}"),
        "overdue_by": _("逾期 {span}"),
        "span_d": _("{d} 天"),
        "span_dh": _("{d} 天 {h} 小时"),
        "span_hm": _("{h} 小时 {m} 分"),
        "span_h": _("{h} 小时"),
        "span_m": _("{m} 分钟"),
        "span_less": _("不到 1 分钟"),
    }


def _delivery() -> dict[str, str]:
    return {
        "offline_title": _("没有网络，照常做"),
        "offline_text": _("存在本机，有网自动上报"),
        "waiting_title": _("还有内容没有送到"),
        "waiting_text": _("正在等网络，会自动再送"),
        "unsent": _("还有 {n} 条没有送到。退出后它们留在这台设备上，你再登录时接着送。"),
        "received": _("已收到：{title}"),
        "invalid": _("{title}有一处填得不对，请打开改好再交。"),
        "refused": _("{title}没有收下：{why}"),
        "kept_here": _("没有送到。已存在本机，有网自动上报。"),
        "cannot_keep": _("没有网络，这台设备也存不下内容。请不要离开这一页，有网后再交一次。"),
    }


def _roll_call() -> dict[str, str]:
    return {
        "mark_present": _("到校"),
        "mark_late": _("迟到"),
        "mark_sick": _("病假"),
        "mark_personal": _("事假"),
        "mark_none": _("未请假"),
        "submit_all": _("全勤 {n} 人，上报"),
        "submit": _("上报"),
        "save_offline": _("存下，有网就报"),
        "sending": _("正在上报"),
        "roster_changed": _("名单更新过，请再看一遍再报。"),
        "leave_needs_days": _("请填请假的第一天和最后一天。"),
        "leave_backwards": _("最后一天早于第一天，请改一下。"),
        "leave_not_today": _("请假的日子不包括点名这一天，请改一下。"),
    }
