/** Days before today that are judged for whoever looks: a month and its margin, and the most that can be asked for. */
export const usualDays = 35;
export const mostDays = 91;
