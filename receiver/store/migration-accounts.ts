export const accounts = `
`;
