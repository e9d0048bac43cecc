export const receiverVersion = '0.1.0';
