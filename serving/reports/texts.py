"""The words of the reports in Chinese and English.

Here belongs every word that stands in a template or a chart. Not here: sentences of suggestions (they come from the
marts), numbers (`formats.py`).
"""

from serving.reports.explanations import EXPLANATIONS

LANGUAGES = ("zh", "en")

_TEXTS: dict[str, tuple[str, str]] = {
    **EXPLANATIONS,
    # head and foot
    "title.employee": ("个人绩效与激励报告", "Performance and incentive report"),
    "title.team": ("团队绩效与激励报告", "Team performance and incentive report"),
    "title.company": ("公司绩效与激励总览", "Company performance and incentives"),
    "company": ("全公司", "Whole company"),
    "department": ("部门", "Department"),
    "position": ("岗位", "Position"),
    "team": ("团队", "Team"),
    "leader": ("负责人", "Leader"),
    "manager": ("上级", "Reports to"),
    "period": ("月份", "Month"),
    "employee": ("员工", "Employee"),
    "employee_id": ("工号", "Employee no."),
    "members": ("成员", "Members"),
    "no_team": ("无团队", "no team"),
    "foot": ("数据截至 {as_of}，运行编号 {run}。", "Facts up to {as_of}, run {run}."),
    "foot.plain": ("内部资料，请勿外传。", "Internal. Do not pass on."),
    "to_company": ("返回总览", "All teams"),
    "to_team": ("所在团队", "Team page"),
    # scores
    "score": ("总分", "Total score"),
    "score.mean": ("平均总分", "Mean score"),
    "grade": ("等级", "Grade"),
    "rank": ("名次", "Rank"),
    "rank.department": ("部门内第 {rank} 名", "No. {rank} in the department"),
    "rank.company": ("佣金全公司第 {rank} 名", "No. {rank} by commission"),
    "no_card": ("本月没有适用的计分卡", "No scorecard applies this month"),
    "no_total": ("没有可计分的指标，无总分", "No total: no KPI could be scored"),
    "scorecard": ("计分卡", "Scorecard"),
    "group.business": ("业务结果", "Business results"),
    "group.management": ("管理质量", "Management quality"),
    "violations": ("违规次数", "Violations"),
    "service_bonus": ("服务加分", "Service bonus"),
    "award": ("年度评优资格", "Annual award"),
    "award.yes": ("符合", "eligible"),
    "award.no": ("不符合（违规未整改完毕）", "not eligible (violations not rectified)"),
    "days_in_role": ("任职 {days}/{all} 天", "{days} of {all} days in the role"),
    "kpi": ("指标", "KPI"),
    "weight": ("权重", "Weight"),
    "value": ("实际", "Actual"),
    "target": ("目标", "Target"),
    "attainment": ("完成率", "Attainment"),
    "base_score": ("基础分", "Base"),
    "training_bonus": ("培训加分", "Training"),
    "kpi_score": ("得分", "Score"),
    "status": ("状态", "Status"),
    "status.scored": ("计分", "Scored"),
    "status.excluded": ("不计分", "Excluded"),
    "status.no_data": ("无数据", "No data"),
    "status.reached": ("达标", "Reached"),
    "status.missed": ("未达标", "Missed"),
    "lower_is_better": ("越低越好", "lower is better"),
    "legend.status": (
        "不计分：未满足条件，按规则处理；无数据：没有可计量的数据，权重由其他指标分担。",
        "Excluded: a condition is not met. No data: nothing to measure, the weight passes to the other KPIs.",
    ),
    "attainment.chart": ("各指标完成率", "Attainment per KPI"),
    "attainment.none": ("没有可以画出的指标。", "There is no KPI to draw."),
    "attainment.left_out": ("图中不含 {count} 个无数据的指标。", "{count} KPIs without data are not drawn."),
    # money
    "payout": ("收入汇总", "Payout summary"),
    "gross": ("应得合计", "Gross"),
    "held": ("暂扣", "Held"),
    "adjustments": ("调整", "Adjustments"),
    "true_ups": ("补差", "True-ups"),
    "carried_in": ("上月结转", "Carried in"),
    "net": ("实发", "Net"),
    "net.now": ("本月实发", "Net this month"),
    "carried_out": ("结转下月", "Carried to next month"),
    "no_payout": ("本月没有收入记录", "No payout this month"),
    "held.why": ("暂扣原因", "Why held"),
    "lines": ("笔数", "Lines"),
    "amount": ("金额", "Amount"),
    "reason": ("原因", "Reason"),
    "unresolved": ("无法归属到员工的金额", "Amounts of no known employee"),
    "origin": ("收入来源", "Where the money came from"),
    "by_component": ("按项目", "By component"),
    "by_source": ("按成交来源", "By deal source"),
    "origin.note": (
        "不含暂扣与没收的金额；负数为退款或扣回。",
        "Without held and forfeited lines; negative: refunds.",
    ),
    "trend": ("近 12 个月走势", "Trend of 12 months"),
    "trend.net": ("实发金额（{currency}）", "Net payout ({currency})"),
    "trend.score": ("总分", "Total score"),
    "trend.score.mean": ("平均总分", "Mean score"),
    "results": ("业绩来源", "Sources of results"),
    "result.own": ("本人开发", "Own"),
    "result.transferred": ("转入客户", "Transferred"),
    "result.jointly_worked": ("协作", "Jointly worked"),
    "source": ("来源", "Source"),
    "share": ("占比", "Share"),
    "near_certain": (
        "近 3 个月转入成交中，转入前已基本确定的占 {share}。",
        "Of the deals on customers received in the last 3 months, {share} were near certain before.",
    ),
    "nothing": ("无", "None"),
    "total": ("合计", "Total"),
    # suggestions, alerts
    "suggestions": ("改进建议（按增收排序）", "Suggestions (most money first)"),
    "suggestion": ("建议", "Suggestion"),
    "gap": ("差距", "Gap"),
    "course": ("课程", "Course"),
    "points_gain": ("加分", "Points"),
    "money_gain": ("增收", "Money"),
    "suggestions.none": ("目前没有建议。", "There is nothing to suggest."),
    "more": ("另有 {count} 项未列出。", "{count} more are not shown."),
    "alerts": ("待处理预警", "Open alerts"),
    "alerts.none": ("没有待处理的预警。", "No open alert."),
    "alerts.oldest": ("最早的 {count} 条", "The oldest {count}"),
    "since": ("起始", "Since"),
    "alert": ("预警", "Alert"),
    "customer": ("客户", "Customer"),
    "deal": ("合同", "Deal"),
    "detail": ("说明", "Detail"),
    "alert.late": ("阶段超期", "Stage late"),
    "alert.skipped": ("阶段跳过", "Stage skipped"),
    "alert.out_of_order": ("阶段顺序错误", "Stage out of order"),
    "alert.abnormal_transfer": ("异常转移", "Abnormal transfer"),
    "alert.relabelled": ("成交来源改标", "Relabelled deal"),
    "alert.internal_circulation": ("内部流转", "Internal circulation"),
    "alert.held_payout": ("奖金暂扣", "Held payout"),
    "stage.entered": ("进入", "entered"),
    "stage.visited": ("到访", "visited"),
    "stage.received": ("接待", "received"),
    "stage.intent_registered": ("意向登记", "intent registered"),
    "stage.contract_archived": ("合同归档", "contract archived"),
    "stage.settled": ("结算", "settled"),
    # teams
    "payout.members": ("成员实发", "Net payout per member"),
    "boards": ("排行榜", "Leaderboards"),
    "board.score": ("总分", "Total score"),
    "board.commission": ("佣金", "Commission"),
    "board.growth": ("增长率", "Growth"),
    "board.teams": ("团队佣金", "Teams by commission"),
    "teams": ("各团队", "Teams"),
    "transfers": ("客户转移", "Transfers of customers"),
    "transfers.none": ("本月没有客户转移。", "No customer changed hands this month."),
    "from": ("转出", "From"),
    "to": ("转入", "To"),
    "changed_at": ("转移日期", "Changed"),
    "days_to_sign": ("签约用时", "Signed after"),
    "days": ("{days} 天", "{days} d"),
    "post_activities": ("接手后跟进", "Activities after"),
    "counted_share": ("计入比例", "Counted"),
    "finding": ("判断", "Finding"),
    "finding.abnormal": ("异常", "abnormal"),
    "finding.near_certain": ("转移前已基本确定", "near certain before"),
    "finding.no_reason": ("未填原因", "no reason given"),
    "signals": ("人才信号", "Talent signals"),
    "signals.none": ("本月没有人才信号。", "No talent signal this month."),
    "signal.sales_candidate": ("可考虑转销售岗", "candidate for a sales role"),
    "evidence": ("依据", "Evidence"),
    "growth": ("团队增长", "Team growth"),
    "growth.none": ("没有团队增长数据。", "There is no team growth to show."),
    "measure": ("口径", "Measure"),
    "baseline": ("基准", "Baseline"),
    "growth.rate": ("奖励比例", "Bonus rate"),
    "growth.value": ("增长", "Growth"),
    # names from the marts
    "component.origination": ("获客佣金", "Origination"),
    "component.closing": ("成交佣金", "Closing"),
    "component.collaboration": ("协作佣金", "Collaboration"),
    "component.points": ("线索积分", "Points"),
    "component.process_bonus": ("过程奖", "Process bonus"),
    "component.task": ("任务奖", "Task bonus"),
    "component.growth_bonus": ("增长奖", "Growth bonus"),
    "component.team_growth": ("团队增长奖", "Team growth"),
    "component.contribution": ("贡献奖", "Contribution"),
    "component.bonus_business": ("业务绩效奖", "Business bonus"),
    "component.bonus_management": ("管理绩效奖", "Management bonus"),
    "component.draw": ("预支", "Draw"),
    "component.cap": ("封顶", "Cap"),
    "component.adjustment": ("调整", "Adjustment"),
    "component.true_up": ("补差", "True-up"),
    "source.marketing": ("市场线索", "Marketing"),
    "source.self_sourced": ("自主开发", "Self-sourced"),
    "source.referral": ("转介绍", "Referral"),
    "source.repurchase": ("复购", "Repurchase"),
    "source.no_source": ("来源不明", "Unknown"),
    "reason.bad_split": ("分成比例错误", "shares do not add up"),
    "reason.unresolved": ("员工无法识别", "employee unknown"),
    "reason.transfer": ("客户转移待核实", "transfer to be explained"),
    "reason.process": ("过程指标未达标", "process target not reached"),
    "reason.terminated": ("已离职", "employment ended"),
    "reason.no_plan": ("没有适用方案", "no plan applies"),
    "reason.no_fx_rate": ("缺少汇率", "no exchange rate"),
    "reason.course_not_completed": ("课程未完成", "course not completed"),
    "reason.breach": ("触发否决项", "breach"),
    "reason.no_data": ("没有数据", "nothing to measure"),
    "reason.no_target": ("未设目标", "no target"),
    "reason.zero_target": ("目标为零", "target is zero"),
    "reason.no_scored_kpi": ("没有可计分的指标", "no KPI could be scored"),
    "reason.no_baseline": ("没有基准", "no baseline"),
    "department.marketing": ("市场部", "Marketing"),
    "department.sales": ("销售部", "Sales"),
    "department.sales_assistant": ("销售助理", "Sales assistants"),
    "department.management": ("管理层", "Management"),
    "department.hr": ("人力资源", "Human resources"),
    "department.teaching": ("教学部", "Teaching"),
    "position.director": ("总监", "Director"),
    "position.marketer": ("市场专员", "Marketer"),
    "position.senior_marketer": ("高级市场专员", "Senior marketer"),
    "position.digital_specialist": ("数字营销专员", "Digital specialist"),
    "position.brand_specialist": ("品牌专员", "Brand specialist"),
    "position.hr_specialist": ("人事专员", "HR specialist"),
    "position.seller": ("销售顾问", "Seller"),
    "position.assistant": ("销售助理", "Assistant"),
    "position.teacher": ("教师", "Teacher"),
    "measure.sales_amount": ("销售额", "Sales amount"),
    "measure.counted_sales_amount": ("计入销售额", "Counted sales amount"),
    "measure.new_customers": ("新客户数", "New customers"),
    "measure.new_customer_amount": ("新客金额", "New-customer amount"),
    "measure.repurchase_amount": ("复购金额", "Repurchase amount"),
    "measure.units": ("销售量", "Units sold"),
    "measure.deals_assisted": ("协助成交数", "Deals assisted"),
    "measure.customers_maintained": ("维护客户数", "Customers maintained"),
    "measure.valid_leads": ("有效线索数", "Valid leads"),
    "measure.valid_visits": ("有效到访数", "Valid visits"),
    "list": ("、", ", "),
}


class Texts:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._index = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """A text of the catalogue.

        Raises:
            KeyError: there is no such text.
        """
        return _TEXTS[key][self._index].format(**values)

    def name(self, family: str, key: str | None) -> str:
        """The name of something from the marts; one that the catalogue does not have is made readable."""
        if not key:
            return ""
        pair = _TEXTS.get(f"{family}.{key}")
        return pair[self._index] if pair else key.replace("_", " ")

    def evidence(self, text: str | None) -> str:
        """The evidence of a signal (`measure month actual/target; …`) with the name of its measure."""
        measure, _, months = (text or "").partition(" ")
        return f"{self.name('measure', measure)}: {months}" if months else self.name("measure", measure)

    def names(self, family: str, keys: str | None) -> str:
        """Several names, joined by `;` in the marts."""
        return self("list").join(self.name(family, key) for key in (keys or "").split(";") if key)


def catalogue() -> dict[str, tuple[str, str]]:
    """All texts (zh, en) by key."""
    return dict(_TEXTS)
