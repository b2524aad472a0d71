import { expect } from 'chai';

import { dataScript, Markup, markup } from './markup.ts';

describe('markup', () => {
  it('escapes every value, in text and in attributes', () => {
    const nasty = `<script>alert("1")</script> & 'x'`;
    expect(markup`<p title="${nasty}">${nasty}</p>`.text).to.equal(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;</p>',
    );
  });

  it('keeps markup inside of markup, joins lists and leaves out what is absent', () => {
    const items = ['<a>', 'b'].map((text) => markup`<li>${text}</li>`);
    expect(markup`<ul>${items}${null}${undefined}${0}</ul>`.text).to.equal('<ul><li>&lt;a&gt;</li><li>b</li>0</ul>');
    expect(String(new Markup('<b>'))).to.equal('<b>');
  });

  it('stores data that no text can break out of', () => {
    const value = { name: '</script><script>alert(1)</script>\u2028<!--' };
    const { text } = dataScript('data', value);
    expect(text.match(/</g)).to.have.length(2);
    const stored = text.replace(/^<[^>]*>/, '').replace(/<\/script>$/, '');
    expect(JSON.parse(stored)).to.deep.equal(value);
  });
});
