"""Which Chinese characters look alike, and are taken for one another in print and by OCR."""

_GROUPS = (
    "己已巳 未末 土士 日曰 天夭 人入 干千于 大太犬 王玉 田由甲申 午牛 木本术 刀力 历厉 贝见 "
    "戊戌戍 毫亳 治冶 折拆析 候侯 博搏 洲州 株珠 拔拨 板版 辩辨辫 堡煲 赢嬴 祥详 棋祺 "
    "骏俊峻竣 晴睛 清情 青菁 令今 泠冷 哀衰 免兔 爪瓜 酒洒 匀勾 杨扬 阳阴 场扬 栗粟 歧岐 "
    "沁泌 炎焱 密蜜 幕墓暮慕 漠模摸 璧壁 垒磊 载裁栽 徽微 徙徒 陡徒 郎朗 廷延 庄压 右石 "
    "台合 舍含 仓仑 沦论伦轮 抢抡 忱枕 沈枕 玖玫 杭抗 仅汉 径经轻泾 驰弛 池弛 拍柏泊 铂泊 "
    "桓垣恒 宜宣 官宫 究穷 定宝 史吏 央夹 矢失 冒昌 晶昌 旦且 白自 旺汪 永水冰 沐冰 准淮 "
    "推堆 惟唯维 进近 远运 连莲 纬伟炜玮 毕华 铧骅桦 晖辉浑 顺须 项顶 倾顷 颖颍 钢纲刚岗 "
    "桐铜洞 铝铅 锋峰烽 银根 锦绵 冶怡 凤风 几凡 宏宠 鸟乌 兴光 泰秦 盛晟 隆降 恩思 芯蕊 "
    "鑫淼森 泓弘 浦埔 茶荼 萤荧莹 奥粤 弛施 诚城 捷睫 励厉 翔祥 壮状 坚竖 暖暧 渝愉 浙淅"
)
_ALIKE = frozenset(
    frozenset((one, other)) for group in _GROUPS.split() for one in group for other in group
)


def look_alike(first: str, second: str) -> bool:
    """Whether two characters are known to be taken for one another by their shape."""
    return frozenset((first, second)) in _ALIKE
