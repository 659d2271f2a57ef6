// The presets of `--deployment`: what they stand for. A setting given at the same place, or at a stronger one, goes before its preset.

export const deployments = ['remote', 'local', 'legacy', 'embedded'] as const
type Deployment = (typeof deployments)[number]

/** What a preset says, by setting. */
export const presets: Readonly<Record<Deployment, { readonly backend: string; readonly transport: string }>> = {
  remote: { backend: 'platform', transport: 'http' },
  local: { backend: 'auto', transport: 'stdio' },
  legacy: { backend: 'session', transport: 'stdio' },
  // The platform is that of the stack which the process starts for itself.
  embedded: { backend: 'platform', transport: 'stdio' },
}
