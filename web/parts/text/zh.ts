import type { PartsText } from './en.ts';

/** Simplified Chinese. */
export const zh: PartsText = {
  loading: '正在加载',
  tryAgain: '重试',
  close: '关闭',
  cancel: '取消',
  whichHour: '今天时钟回拨，此小时出现两次。请选择是哪一次。',
  noSuchTime: '没有这个时间：时钟已跳过该时刻。',
  limitFaults: {
    number: '请输入数字，留空表示关闭。',
    implausible: (min, max) => `必须在 ${min} 与 ${max} 之间。`,
    order: '低限必须低于高限。',
    extremeNeeded: '此危急限不能关闭。',
    extremeLow: '危急低限不得高于低限。',
    extremeHigh: '危急高限不得低于高限。',
    extremeUnknown: '此参数没有这种报警。',
    hysteresis: '低限与高限过于接近。',
    delay: (max) => `0 至 ${max} 秒。`,
  },
  refusals: {
    'signed-out': '登录已失效，请重新登录。',
    forbidden: '当前登录只能查看，不能更改。请联系有操作员权限的人员。',
    'not-found': '该项已不存在，请重新查看列表。',
    conflict: '未执行：与其他记录冲突。',
    stale: '未执行：读取之后已被他人更改。',
    invalid: '未执行：表单中有内容不正确。',
    busy: '监护站正在处理另一个同类请求，请稍后重试。',
    away: '数据库无响应，目前无法查询或更改。实时数据和报警不受影响，请一分钟后重试。',
    unreachable: '监护站未应答。请查看顶部是否显示实时，然后重试。',
  },
};
