// `/login`: a form for name and password, answered with the code that quilt3 asks for (formats.md 5.5).
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { IdentityStore } from '../identity/identity-store.js'
import type { NodeBindings } from '../s3/app.js'
import { type PasswordLoginDeps, passwordLogin } from './password-login.js'

const page = (content: ReturnType<typeof html>) => html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Quilt stack: sign in</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 4rem auto; padding: 0 1rem }
label { display: block; margin: .5rem 0 } code { word-break: break-all; user-select: all }</style>
<h1>Quilt stack</h1>
${content}
</html>`

const form = (notice: string) => html`<p>${notice}</p>
<form method="post" action="/login">
<label>User name <input name="username" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
</form>`

const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
}

export interface LoginPageDeps extends PasswordLoginDeps {
  readonly identity: Pick<IdentityStore, 'byPassword' | 'createRefreshToken'>
}

export function loginPage({ identity, tries }: LoginPageDeps) {
  const app = new Hono<{ Bindings: NodeBindings }>()
  app.get('/login', (c) => c.html(page(form('Sign in to get a code for quilt3.')), 200, headers))
  app.post('/login', async (c) => {
    const { username, password } = await c.req.parseBody()
    const outcome =
      typeof username === 'string' && typeof password === 'string'
        ? await passwordLogin({ identity, tries }, { username, password }, c.env)
        : ({ kind: 'wrong' } as const)
    if (outcome.kind === 'wrong') return c.html(page(form('User name or password is wrong.')), 401, headers)
    if (outcome.kind === 'too-many')
      return c.html(page(form(outcome.message)), 429, { ...headers, 'retry-after': String(outcome.seconds) })
    const { principal } = outcome
    const code = identity.createRefreshToken(principal.userId)
    const shown = html`<p>Signed in as ${principal.userName}. Your code, to be used once:</p><p><code>${code}</code></p>`
    return c.html(page(shown), 200, headers)
  })
  return app
}
