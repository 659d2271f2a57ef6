// The texts between the fields of an entry as it is hashed (formats.md 3.2), written eight bytes a step.

/** `{"hash":{"type":"` */
export function putBeforeHashType(out: usize): usize {
  store<u64>(out, 0x3a2268736168227b)
  store<u64>(out, 0x3a2265707974227b, 8)
  store<u64>(out, 0x0000000000000022, 16)
  return out + 17
}

/** `","value":"` */
export function putBeforeHashValue(out: usize): usize {
  store<u64>(out, 0x65756c6176222c22)
  store<u64>(out, 0x0000000000223a22, 8)
  return out + 11
}

/** `"},"logical_key":"` */
export function putBeforeKey(out: usize): usize {
  store<u64>(out, 0x69676f6c222c7d22)
  store<u64>(out, 0x2279656b5f6c6163, 8)
  store<u64>(out, 0x000000000000223a, 16)
  return out + 18
}

/** `","meta":` */
export function putBeforeMeta(out: usize): usize {
  store<u64>(out, 0x226174656d222c22)
  store<u64>(out, 0x000000000000003a, 8)
  return out + 9
}

/** `,"size":` */
export function putBeforeSize(out: usize): usize {
  store<u64>(out, 0x3a22657a6973222c)
  return out + 8
}
