// What Visual Studio Code is for Kaoto otherwise: it gives the settings, and takes no notice of the rest.
import '@patternfly/react-core/dist/styles/base.css';
import '@patternfly/patternfly/patternfly.css';
import '@patternfly/patternfly/patternfly-addons.css';
import { createRoot } from 'react-dom/client';
import { KaotoEditorFactory } from '@kaoto/kaoto';

const catalogUrl = new URLSearchParams(location.search).get('catalog');
const answers = {
  getVSCodeKaotoSettings: {
    catalogUrl,
    runtimeCatalogName: '',
    testingCatalogName: '',
    nodeLabel: 'description',
    nodeToolbarTrigger: 'onHover',
    colorScheme: 'light',
    canvasLayoutDirection: 'SelectInCanvas',
    rest: { apicurioRegistryUrl: '', customMediaTypes: [] },
  },
  getCatalogURL: catalogUrl,
  getResourcesContentByType: [],
  getSuggestions: [],
  isResourceExist: false,
};
const requests = new Proxy({}, { get: (none, name) => async () => answers[name] });
const ready = new Promise((resolve) => {
  const notification = (name) => ({
    send: () => name === 'kogitoEditor_ready' && resolve(),
    subscribe: () => () => {},
  });
  const notifications = new Proxy({}, { get: (none, name) => notification(name) });
  const options = { fileExtension: 'camel.yaml', resourcesPathPrefix: '', channel: 'VSCODE_DESKTOP', initialLocale: 'en', isReadOnly: false };
  new KaotoEditorFactory().createEditor({ channelApi: { requests, notifications } }, options).then((editor) => {
    window.editor = editor;
    createRoot(document.getElementById('editor')).render(editor.af_componentRoot());
    editor.af_onOpen?.();
  });
});
ready.then(() => (window.ready = true));
