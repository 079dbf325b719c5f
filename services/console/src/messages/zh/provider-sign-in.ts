import type { providerSignIn as english } from '../en/provider-sign-in.ts'

export const providerSignIn: typeof english = {
  withProvider: '使用组织账号登录',
  inNewTab: '将在新标签页中打开，完成后请返回此处。',
  request: (id) => `请求 ${id}`,
  problems: {
    off: '此服务器未配置身份提供方。请使用管理令牌登录，或设置 OIDC_ISSUER。',
    unreachable: '身份提供方没有响应。请重试，或请运维人员检查 OIDC_ISSUER。',
    state: '此次登录已过期，或是在其他浏览器中发起的。请重新登录。',
    denied: '登录已在身份提供方处取消。请重新登录。',
    rejected: '身份提供方拒绝了此服务器。请运维人员检查 OIDC_CLIENT_ID、OIDC_CLIENT_SECRET 和重定向地址。',
    role: '您在此没有角色。请管理员在“系统设置”中为您分配角色，然后重新登录。',
    blocked: '管理员已禁用您的账号。请管理员在“系统设置”中解除禁用。',
  },
}
