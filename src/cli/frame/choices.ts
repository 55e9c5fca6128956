/** What the options with a few values allow: their help, their check and their completion come from here. */

export const statusForms = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type StatusForm = (typeof statusForms)[number];

export const explainForms = ['text', 'json', 'yaml'] as const;
export type ExplainForm = (typeof explainForms)[number];

export const reportForms = ['table', 'csv', 'json'] as const;
export type ReportForm = (typeof reportForms)[number];

export const actForms = ['text', 'name', 'json', 'yaml'] as const;
export type ActForm = (typeof actForms)[number];

export const dryRuns = ['client', 'server', 'none'] as const;
export type DryRun = (typeof dryRuns)[number];

export const validateForms = ['text', 'json', 'github'] as const;
export type ValidateForm = (typeof validateForms)[number];

export const doctorForms = ['text', 'json'] as const;
export type DoctorForm = (typeof doctorForms)[number];

export const importFormats = ['otpauth', 'oath', 'csv'] as const;
export type ImportFormat = (typeof importFormats)[number];
