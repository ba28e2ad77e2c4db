"""What the numbers of a report mean, in Chinese and English, for readers who do not know the rules by heart.

Here belongs a sentence or two for each section. Not here: headings and names (`texts.py`), numbers of a plan.
"""

EXPLANATIONS: dict[str, tuple[str, str]] = {
    "note.payout": (
        (
            "实发 = 上月结转 + 应得合计 − 暂扣 + 调整 + 补差；结果为负时不发放，结转下月。应得"
            "合计含暂扣，不含没收；暂扣的金额已经算出，条件满足或核实后发放；补差是对已锁定月份的更正。"
        ),
        (
            "Net = carried in + gross − held + adjustments + true-ups; below zero nothing is paid and the "
            "balance is carried to next month. Gross includes what is held, not what is forfeited. Held money "
            "is computed and waits for a condition or a check; true-ups correct locked months."
        ),
    ),
    "note.scorecard": (
        (
            "完成率 = 实际 ÷ 目标（越低越好的指标为目标 ÷ 实际）。基础分由完成率得出，封顶与未达标扣"
            "分见方案；得分 = 基础分 + 培训加分。各组得分为各指标得分按权重的平均，管理质量组再按违规次"
            "数扣减；总分按两组的权重合成。"
        ),
        (
            "Attainment = actual ÷ target (target ÷ actual where lower is better). The base score follows "
            "from it, capped or reduced as the plan says; score = base + training. A group's score is the "
            "mean of its KPIs by weight, management less the deduction for violations; the total weighs the "
            "two groups."
        ),
    ),
    "note.trend": (
        "没有计分卡或没有可计分指标的月份没有分数。",
        "Months without a scorecard, or without a KPI that could be scored, have no score.",
    ),
    "note.results": (
        "本人开发：本人的客户；转入客户：他人转来的客户；协作：与他人共同完成的成交。金额为计入的成交额。",
        (
            "Own: own customers. Transferred: customers received from somebody else. Jointly worked: shared "
            "with others. Amounts are credited deal amounts."
        ),
    ),
    "note.suggestions": (
        "差距以指标的单位表示；加分是总分的增加，增收是本月收入的增加。每条单独计算，假设其余不变。",
        (
            "Gap: in the unit of the KPI. Points: more total score; money: more pay this month. Each line is "
            "computed by itself, everything else unchanged."
        ),
    ),
    "note.alerts": (
        "需要处理的事项；在来源系统中处理完毕后，下一次计算时自动关闭。",
        "What has to be looked at; once mended in the source system, the next calculation closes it.",
    ),
    "note.members": (
        "总分与等级取任职天数最多的计分卡；– 表示没有总分。",
        "Score and grade are those of the card of most days; – means there is none.",
    ),
    "note.boards": (
        "数值相同者并列。佣金为获客、成交与协作佣金，不含暂扣。",
        "Ties share a rank. Commission: origination, closing and collaboration without held lines.",
    ),
    "note.growth": (
        ("增长 = 数值 ÷ 基准 − 1，基准为方案规定的往期数值；达到方案的门槛，成员按奖励比例加发佣金。"),
        (
            "Growth = value ÷ baseline − 1; the baseline is that of the plan. At the plan's threshold members "
            "get the bonus rate on their own commission."
        ),
    ),
    "note.transfers": (
        (
            "计入比例：接手后不久签约的成交，按此比例计入接手人的任务与增长。异常：很快签约而接手后几乎没有跟"
            "进，佣金暂扣待核实。"
        ),
        (
            "Counted: the part of a deal signed soon after the transfer that counts for the receiver's tasks "
            "and growth. Abnormal: signed at once with hardly any work of the receiver; the commission is "
            "held until resolved."
        ),
    ),
    "note.signals": (
        "连续数月完成率达到方案规定的水平；依据为各月的实际/目标。",
        (
            "Attainment at the level of the plan for several months in a row; evidence: actual/target of each "
            "month."
        ),
    ),
    "explain.abnormal_transfer": (
        "转移后很快签约，接手人几乎没有跟进",
        "signed soon after the transfer with hardly any work of the receiver",
    ),
    "explain.relabelled": (
        "申报为自主开发，但客户有有效的市场线索",
        "claimed as self-sourced, but marketing had a valid lead",
    ),
    "explain.internal_circulation": (
        "申报为自主开发，但公司此前已接触该客户",
        "self-sourced, but the company knew the customer before",
    ),
    "explain.held_payout": (
        "有暂扣的收入，原因见收入汇总",
        "pay is held; the payout summary says why",
    ),
    "explain.failed_check": (
        "数据检查未通过",
        "a check of the data failed",
    ),
}
