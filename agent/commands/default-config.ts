/** Default of `--config`: the launcher of an installed agent says where its configuration lies. */
export const defaultConfig = process.env['VAGUEMESTRE_CONFIG'] ?? 'agent.yaml';
