import type { people as english } from '../en/people.ts'

export const people: typeof english = {
  title: '人员',
  hint: '通过身份提供方登录过的人员。角色更改从下一个请求起生效。',
  off: '设置 OIDC_ISSUER 后，人员即可通过您的身份提供方登录。在此之前请使用管理令牌登录。',
  none: '还没有人登录过。',
  search: '姓名或电子邮件地址',
  name: '姓名',
  role: '角色',
  roleOf: (name) => `${name} 的角色`,
  seen: '最近活动',
  asProvider: (role) => `按身份提供方：${role}`,
  noRole: '无角色',
  blocked: '已禁用',
  you: '您',
  block: '禁用',
  blockOne: (name) => `禁用 ${name}`,
  unblock: '解除禁用',
  unblockOne: (name) => `解除对 ${name} 的禁用`,
  blockedNow: (name) => `${name} 已被禁用并退出登录`,
  unblockedNow: (name) => `${name} 可以重新登录`,
  roleChanged: (name) => `已更改 ${name} 的角色`,
  rolesHint:
    '查看者可查看全部内容；审核员还可对匹配做出决定、忽略片段；运维员还可管理视频库、任务和队列；管理员还可管理密钥和人员。',
}
