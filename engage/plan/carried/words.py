"""Words the reasons for carrying something over."""

from flask_babel import lazy_gettext as _l

from engage.plan.carried.rules import CarryWhy

WHY_WORDS = {
    CarryWhy.NOT_FINISHED: _l("not finished yet"),
    CarryWhy.CONTINUES: _l("it continues"),
    CarryWhy.OTHER: _l("another reason"),
}
