export const clientId = 'demo-webmail';
/** The one password of everybody: what is shown here is the step after it. */
export const demoPassword = 'demo';
