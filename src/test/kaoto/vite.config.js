// The style sheets of Kaoto name packages by a tilde.
const findFileUrl = (name) => (name[0] === '~' ? new URL('node_modules/' + name.slice(1), import.meta.url) : null);

export default {
  base: './',
  build: { target: 'esnext', minify: false, reportCompressedSize: false },
  css: { preprocessorOptions: { scss: { importers: [{ findFileUrl }], quietDeps: true } } },
};
