// A tile in JupyterLab's launcher. This is a module-federation container written by hand, so that nothing has to be
// built with node: JupyterLab calls init with what it shares, then get("./extension"). Should its loading contract
// change, the tile is missing and everything else works.
(() => {
  let shared;
  const SOURCE = "from lifetide import Studio\n\nstudio = Studio()\nstudio";
  const NEXT = "studio.to_pandas().head()";
  const ICON =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26"><rect width="26" height="26" rx="7" fill="#0b5fa5"/>' +
    '<path d="M3 13c3-5 6-5 10 0s7 5 10 0" stroke="#fff" stroke-width="2.2" fill="none" stroke-linecap="round"/>' +
    '<path d="M3 18.5c3-3.5 6-3.500 10 0s7 3.5 10 0" stroke="#7fd3ff" stroke-width="1.8" fill="none" ' +
    'stroke-linecap="round"/></svg>';

  /** A module that JupyterLab shares, whatever its version. */
  const module_ = async (name) => {
    const versions = shared[name];
    const load = await versions[Object.keys(versions)[0]].get();
    return load();
  };

  const cell = (id, source) => ({
    cell_type: "code", id, metadata: {}, outputs: [], execution_count: null, source,
  });

  /** The kernel starts while the page is built: the notebook finds the session of its path and takes it. */
  const begun = async (SessionAPI, settings, path, name) => {
    try {
      const asked = { path, type: "notebook", name: path.split("/").at(-1), kernel: { name } };
      await SessionAPI.startSession(asked, settings);
    } catch {
      // No such kernel, or another JupyterLab: the notebook starts or asks for one as ever.
    }
  };

  /** With a page's first notebook Lab asks for these, which keeps the server's processor busy: not beside a kernel. */
  const exportsKnown = async (app) => {
    try {
      await app.restored;
      await app.serviceManager.nbconvert.getExportFormats(false);
    } catch {
      // Lab will ask by itself.
    }
  };

  function plugin(ILauncher, ILatexTypesetter, LabIcon, SessionAPI) {
    const icon = new LabIcon({ name: "lifetide:logo", svgstr: ICON });
    const open = async (app, folder, typesetter) => {
      const contents = app.serviceManager.contents;
      const made = await contents.newUntitled({ type: "notebook", path: folder });
      const kernelspec = { name: "python3", display_name: "Python 3" };
      const cells = [cell("studio", SOURCE), cell("next", NEXT)];
      const content = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells };
      await Promise.all([
        begun(SessionAPI, app.serviceManager.serverSettings, made.path, kernelspec.name),
        contents.save(made.path, { type: "notebook", format: "json", content }),
      ]);
      const page = await app.commands.execute("docmanager:open", { path: made.path, factory: "Notebook" });
      await page.context.ready;
      await page.context.sessionContext.ready;
      page.content.activeCellIndex = 0;
      const ran = app.commands.execute("notebook:run-cell-and-select-next");
      // JupyterLab looks for formulas in every output: what it needs for that is loaded while the cell runs.
      typesetter?.typeset(document.createElement("span"));
      await ran;
      page.content.activeCellIndex = 0;
      return page;
    };
    return {
      id: "lifetide:tile",
      description: "Opens the audience studio from the launcher.",
      autoStart: true,
      optional: [ILauncher, ILatexTypesetter],
      activate(app, launcher, typesetter) {
        app.commands.addCommand("lifetide:studio", {
          label: "Audience studio", caption: "Compose an audience with exact counts", icon,
          execute: (given) => open(app, given.cwd ?? "", typesetter),
        });
        // A category of its own, or the launcher shows a letter instead of the icon.
        launcher?.add({ command: "lifetide:studio", category: "Lifetide", rank: 0 });
        exportsKnown(app);
      },
    };
  }

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB.lifetide = {
    init: (given) => { shared = given; },
    get: async () => {
      const [{ ILauncher }, { ILatexTypesetter }, { LabIcon }, { SessionAPI }] = await Promise.all(
        ["launcher", "rendermime", "ui-components", "services"].map((name) => module_(`@jupyterlab/${name}`)));
      return () => ({ __esModule: true, default: [plugin(ILauncher, ILatexTypesetter, LabIcon, SessionAPI)] });
    },
  };
})();
