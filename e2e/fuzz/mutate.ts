// Makes a good message wrong, at one to three places.
import { isList, isObject, type Node, type NodeObject } from './json-text.js'
import type { Random } from './random.js'

/** A value that nobody asked for. */
function oddValue(random: Random): Node {
  return random.pick<() => Node>([
    () => null,
    () => random.pick([true, false]),
    () => random.pick([0, -1, 1.5, 2 ** 53, -(2 ** 31)]),
    () => ({ raw: random.pick(['1e999', '-1e999', '-0', '9'.repeat(400), `0.${'3'.repeat(400)}`, '1E+2']) }),
    () =>
      random.pick(['', ' ', '\u0000', '../../etc/passwd', 's3://', 'quilt+s3://#', '%', '{}', 'null', '\u202e', '💥']),
    () => ({ raw: random.pick(['"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', '"\\ud83d"']) }),
    () => 'x'.repeat(random.pick([1000, 1000, 1000, 100_000])),
    () => ({ raw: nested(random, '[', ']') }),
    () => ({ raw: nested(random, '{"a":', '}') }),
    () => [],
    () => ({ members: [] }),
    () => Array.from({ length: random.pick([3, 2000]) }, () => random.below(10)),
    () => ({ members: [['__proto__', { members: [['polluted', true]] }]] }),
    () => ({
      members: [
        ['toJSON', 'x'],
        ['then', 'x'],
        ['length', -1],
      ],
    }),
  ])()
}

function nested(random: Random, open: string, close: string): string {
  const depth = random.pick([20, 500, 500, 10_000])
  return `${open.repeat(depth)}0${close.repeat(depth)}`
}

const oddKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'id',
  'params',
  'extra',
  '\ud800',
]

/** A node with one place changed, all the way down. */
export function mutated(node: Node, random: Random): Node {
  const inside = isList(node) ? node.length : isObject(node) ? node.members.length : 0
  if (inside === 0 || random.oneIn(6)) return changedHere(node, random)
  // The last members, params and arguments, more often than the first: before them the message is refused at the door.
  const at = Math.max(random.below(inside), random.below(inside))
  if (isList(node)) return node.map((one, index) => (index === at ? mutated(one, random) : one))
  if (!isObject(node)) return node
  return withMembers(node, (member, index) => (index === at ? [[member[0], mutated(member[1], random)]] : [member]))
}

function changedHere(node: Node, random: Random): Node {
  if (!isObject(node) || node.members.length === 0) return random.oneIn(5) ? [node] : oddValue(random)
  const at = random.below(node.members.length)
  const odd = (): string => random.pick(oddKeys)
  return random.pick<() => Node>([
    () => oddValue(random),
    () => withMembers(node, (member, index) => (index === at ? [] : [member])),
    () => withMembers(node, (member, index) => (index === at ? [[odd(), member[1]]] : [member])),
    () => withMembers(node, (member, index) => (index === at ? [member, [member[0], oddValue(random)]] : [member])),
    () => ({ members: [...node.members, [odd(), oddValue(random)]] }),
    () => withMembers(node, (member, index) => (index === at ? [[member[0], [member[1]]]] : [member])),
  ])()
}

type Member = NodeObject['members'][number]

const withMembers = (node: NodeObject, change: (member: Member, index: number) => readonly Member[]): NodeObject => ({
  members: node.members.flatMap(change),
})

/** Text that is no longer JSON, or other bytes than its text. */
export function mutatedBytes(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text)
  const at = random.below(bytes.length + 1)
  return random.pick<() => Buffer>([
    () => bytes.subarray(0, at),
    () => Buffer.concat([bytes, Buffer.from(random.pick(['}', ',', ' {}', '\n\n', text.slice(0, 100), '\u0000']))]),
    () => Buffer.concat([Buffer.from(random.pick(['\ufeff', ' \r\n\t', ")]}',\n", 'data: '])), bytes]),
    () => Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0]), bytes.subarray(at)]),
    () => Buffer.from(text, 'utf16le'),
    () => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ (1 << random.below(8)) : byte))),
    () => Buffer.alloc(random.below(2000), random.below(256)),
  ])()
}
