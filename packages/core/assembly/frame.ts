// The texts between the fields of a line, compared eight bytes a step; the last step may overlap the one before.

/** `{"logical_key": "` */
export function isAtBeforeKey(at: usize): bool {
  return (
    load<u64>(at) == 0x616369676f6c227b &&
    load<u64>(at, 8) == 0x203a2279656b5f6c &&
    load<u64>(at, 9) == 0x22203a2279656b5f
  )
}
export const beforeKeyLength: usize = 17

/** `", "physical_keys": ["` */
export function isAtBeforePhysicalKey(at: usize): bool {
  return (
    load<u64>(at) == 0x7379687022202c22 &&
    load<u64>(at, 8) == 0x79656b5f6c616369 &&
    load<u64>(at, 14) == 0x225b203a22737965
  )
}
export const beforePhysicalKeyLength: usize = 22

/** `"], "size": ` */
export function isAtBeforeSize(at: usize): bool {
  return load<u64>(at) == 0x7a697322202c5d22 && load<u64>(at, 4) == 0x203a22657a697322
}
export const beforeSizeLength: usize = 12

/** `, "hash": {"type": "` */
export function isAtBeforeHashType(at: usize): bool {
  return (
    load<u64>(at) == 0x226873616822202c &&
    load<u64>(at, 8) == 0x65707974227b203a &&
    load<u64>(at, 12) == 0x22203a2265707974
  )
}
export const beforeHashTypeLength: usize = 20

/** `", "value": "` */
export function isAtBeforeHashValue(at: usize): bool {
  return load<u64>(at) == 0x756c617622202c22 && load<u64>(at, 5) == 0x22203a2265756c61
}
export const beforeHashValueLength: usize = 13

/** `"}, "meta": ` */
export function isAtBeforeMeta(at: usize): bool {
  return load<u64>(at) == 0x74656d22202c7d22 && load<u64>(at, 4) == 0x203a226174656d22
}
export const beforeMetaLength: usize = 12
