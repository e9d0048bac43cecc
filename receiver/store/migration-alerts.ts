export const alerts = `
`;
