import { expect } from 'vitest'
import type { Backend, Roles } from '../../backend.js'
import { refusalOf } from '../collect.js'
import type { ContractSubject } from './contract-case.js'

function rolesOf({ roles }: Backend): Roles {
  if (roles === undefined) throw new Error('there are no roles to switch to')
  return roles
}

export const roleCases: ContractSubject = {
  subject: 'roles',
  cases: [
    {
      title: 'may be switched to: to the active one as well, which changes nothing',
      async run({ backend, identity }) {
        const { role = '', roles } = identity
        expect(await rolesOf(backend).switch(role)).toEqual({ before: role, role, roles })
        expect(await backend.identity()).toEqual(identity)
      },
    },
    {
      title: "are refused when they are not one's own, with those that are",
      async run({ backend, identity }) {
        const error = await refusalOf(rolesOf(backend).switch('nobody'))
        expect([error.code, error.details]).toEqual(['invalid_input', { roles: identity.roles }])
      },
    },
    {
      title: 'are not switched when the signal was given up before',
      async run({ backend, identity }) {
        const reason = new Error('the user went away')
        const signal = AbortSignal.abort(reason)
        await expect(rolesOf(backend).switch(identity.role ?? '', { signal })).rejects.toBe(reason)
      },
    },
  ],
}
