export const quality = `
`;
