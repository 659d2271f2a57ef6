import { describe, expect, it } from 'vitest'
import { parseXml, xmlDocument } from './xml.js'

describe('a document', () => {
  it('repeats arrays, leaves out what is undefined, and escapes text', () => {
    const content = { Name: 'a<&>"\u0001\r', None: undefined, Empty: '', Item: [{ Size: 1 }, { Last: true }] }
    expect(xmlDocument('Root', content, '')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Root><Name>a&lt;&amp;&gt;&quot;&#1;&#13;</Name><Empty></Empty><Item><Size>1</Size></Item><Item><Last>true</Last></Item></Root>',
    )
  })

  it("carries S3's namespace", () => {
    expect(xmlDocument('Root', '')).toContain('<Root xmlns="http://s3.amazonaws.com/doc/2006-03-01/">')
  })
})

describe('a request body', () => {
  it('is parsed to text, spaces and references kept', () => {
    const text = '<d:Delete xmlns:d="urn:x"><d:Object><d:Key> 007&#13;&amp;&lt; </d:Key></d:Object></d:Delete>'
    expect(parseXml(text)).toEqual({ Delete: { Object: [{ Key: ' 007\r&< ' }] } })
  })

  it('is refused with MalformedXML when it is nested too deeply', () => {
    const text = `${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ code: 'MalformedXML' }))
  })

  it('is refused with MalformedXML when it is not well-formed, or declares entities', () => {
    for (const text of ['', 'text', '<a>', '<a></b>', '<!DOCTYPE a [<!ENTITY x "xx">]><a>&x;</a>'])
      expect(() => parseXml(text)).toThrow(expect.objectContaining({ code: 'MalformedXML' }))
  })
})
