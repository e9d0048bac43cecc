export const audit = `
`;
