const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL reaches this machine only. */
export const isLoopback = ({ hostname }: URL): boolean => loopback.test(hostname);
