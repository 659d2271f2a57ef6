// A principal as the registry vouches for it, for the tests of what is done with principals.
import { type Principal, principalId } from '../principal.js'
import { tokenKey } from '../token-key.js'

export const samplePrincipal = (token: string, changes: Partial<Principal> = {}): Principal => ({
  token,
  tokenKey: tokenKey(token),
  scheme: 'bearer',
  claims: {},
  subject: token,
  id: principalId(token),
  stack: { registryUrl: 'https://registry.example.com' },
  registryToken: token,
  exchanges: true,
  sessionTags: [],
  transitiveTagKeys: [],
  rights: {},
  readOnly: false,
  ...changes,
})
