export const care = `
`;
