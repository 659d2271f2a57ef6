/** UTF-16 units up to which the catalog's assistant takes a resource into its prompt (formats.md 12.2). */
export const maxResourceUnits = 16_384
