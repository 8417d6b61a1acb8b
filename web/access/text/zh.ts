import type { AccessText } from './en.ts';

/** Simplified Chinese. */
export const zh: AccessText = {
  title: '已登录',
  help: '本站允许进入的浏览器和程序。结束后一秒内关闭，其所有副本同时失效。',
  readOnly: '只有操作员能看到还有谁已登录。',
  own: '本浏览器',
  nobody: '没有其他人登录。',
  roles: { viewer: '查看者', operator: '操作员', integration: '集成程序' },
  doors: { browser: '浏览器', http: '程序', mqtt: '程序（MQTT）' },
  from: (door, address) => `${door}，来自 ${address}`,
  lastUsed: (age) => `最近使用：${age}前`,
  inUse: (count) => `当前打开：${count}`,
  until: (time) => `有效至 ${time}`,
  refresh: '重新读取',
  signOut: '在此退出登录',
  end: '结束',
  endAllOf: (name) => `结束 ${name} 的全部登录`,
  endOthers: '结束其他全部登录',
  endTitle: (name) => `结束 ${name} 的登录`,
  endHelp: '立即关闭。若是墙面显示屏，重新登录之前不再显示任何内容。',
  endOwnHelp: '这是您自己的登录：您将立即退出。',
  endAllTitle: (name) => `结束 ${name} 的全部登录`,
  endAllHelp: '此名称下的所有浏览器和程序立即关闭，已签发但从未使用的凭证作废。',
  endOthersTitle: '结束其他全部登录',
  endOthersHelp:
    '除本浏览器外，所有浏览器、墙面显示屏和集成程序立即关闭，所有令牌作废。在它们重新登录之前，其他任何地方都听不到报警。',
  signOutTitle: '在此退出登录',
  signOutHelp: '重新登录之前，本浏览器不再显示任何内容。',
  ending: '正在结束',
  done: (count) => `已结束：${count}`,
  refused: '结束未能记录。请重新读取，查看谁仍处于登录状态。',
};
