/* SPDX-License-Identifier: MIT */
/*
 * tour_promotion_report.c - what is found out about promotions before they apply.
 */
#include "harness/tour.h"

void tour_promotion_report(ec_session *session)
{
    ec_simulation *simulation = NULL;
    ec_promotion_findings *findings = NULL;
    ec_promotion draft = {
        .code = "tour-draft",
        .name = "Tour",
        .conditions = "group = vip or nth_order = 1 or country = CL",
        .actions = "percent_off(5%, on: tag = a or collection = 1 or attribute.b = c);"
                   " gift(TOUR-GIFT)",
    };
    assert_ok(session, ec_promotion_simulate(session, &draft, NULL, &simulation));
    ec_free(simulation);
    assert_ok(session, ec_promotion_check(session, &draft, &findings));
    ec_free(findings);
    assert_ok(session, ec_promotion_check(session, NULL, &findings));
    ec_free(findings);
}
