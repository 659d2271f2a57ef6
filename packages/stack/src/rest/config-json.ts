// The catalog's `config.json` (formats.md 6.1). The stack is its own catalog: all addresses are the registry's.
import { region } from '../s3/buckets.js'

/** @param registryUrl without trailing slash */
export const configJson = (registryUrl: string) => ({
  region,
  registryUrl,
  s3Proxy: registryUrl,
  apiGatewayEndpoint: registryUrl, // nothing answers there, but clients refuse a catalog without one
  serviceBucket: 'quilt-stack-service',
  analyticsBucket: 'quilt-stack-analytics',
  mode: 'PRODUCT',
  alwaysRequiresAuth: true,
  passwordAuth: 'SIGN_IN_ONLY',
  ssoAuth: 'DISABLED',
  ssoProviders: '',
  stackVersion: '0.1.0',
  mixpanelToken: '',
})
