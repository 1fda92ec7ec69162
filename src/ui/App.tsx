import { Suspense, useRef, useState, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { currentFilm, previousFilm, type Film } from '../state/index.js';
import { Header } from './Header.js';
import { AboutPanel, FolderPicker, StartPage, useIntake, type FolderPickerHandle } from './intake/index.js';
import { LinkPanel, LinkRefused, LinkStage } from './link/index.js';
import { PrivacyDialog, ShareLost, UpdateBar } from './privacy/index.js';
import { Announcement, FilmStage, isRead, ResultPanel, useKeys } from './reading/index.js';
import { ReportFacts, ReportHead, ShareActions, usePrintTitle } from './share/index.js';
import { ModelsDialog, RefusedNote } from './models/index.js';
import { useActions, useApp, useDelayed } from './shared/index.js';
import { ErrorView, Progress } from './status/index.js';
import { useDocument } from './use-document.js';
import { QueueStatus, useListKeys, useNarrow, Worklist } from './worklist/index.js';

/** What takes less is shown without a word about it. */
const PATIENCE_MS = 150;

export function App() {
  const { t } = useTranslation();
  const intake = useIntake();
  const link = useApp((state) => state.link);
  const shared = link?.kind === 'shown' ? link.shared : undefined;
  const shownFilm = useShownFilm();
  const film = link ? undefined : shownFilm;
  const read = isRead(film) ? film : undefined;
  const offline = useApp((state) => state.shell.offline);
  useDocument(link ? t('link.documentTitle') : film?.name);
  useKeys(read !== undefined);
  usePrintTitle();
  useListKeys();
  const folders = useRef<FolderPickerHandle>(null);
  const chooseFolder = (): void => folders.current?.open();
  const list = useList();
  return (
    <div
      {...intake.getRootProps({ role: undefined, tabIndex: undefined })}
      className="page"
      data-view={link ? 'link' : (film?.phase.kind ?? 'start')}
      data-offline={offline}
      data-list={list.open && !list.sheet}
    >
      {/* Without following its address, whose hash may hold a result. */}
      <a className="skip" href="#stage" onClick={skipToStage}>
        {t('app.skip')}
      </a>
      <Header film={film} onOpen={intake.open} listOpen={list.open} onToggleList={list.toggle} />
      <ReportHead />
      {list.open && (
        <Suspense fallback={<aside className="worklist" />}>
          <Worklist sheet={list.sheet} onClose={list.toggle} onAddFolder={chooseFolder} />
        </Suspense>
      )}
      <main id="stage" className="stage" tabIndex={-1} inert={list.open && list.sheet} data-testid="drop-zone">
        {/* Not there for the keyboard, which would meet it here after a button that is gone: "choose" and "open" press it. */}
        <input {...intake.getInputProps({ 'aria-label': t('intake.choose'), hidden: true })} data-testid="file-input" />
        <FolderPicker ref={folders} />
        {shared ? (
          <LinkStage shared={shared} />
        ) : link?.kind === 'refused' ? (
          <LinkRefused error={link.error} />
        ) : read ? (
          <FilmStage film={read} />
        ) : film ? (
          <Between film={film} onOpen={intake.open} />
        ) : (
          <StartPage onChoose={intake.open} onChooseFolder={chooseFolder} />
        )}
      </main>
      {/* Without a result it may hold nothing to focus, and keys must be able to scroll it. */}
      <aside
        className="panel"
        tabIndex={read ? undefined : 0}
        inert={list.open && list.sheet}
        aria-label={read || shared ? t('result.title') : t('about.title')}
      >
        {shared ? (
          <LinkPanel shared={shared} onChoose={intake.open} />
        ) : read ? (
          <ResultPanel film={read} actions={<ShareActions film={read} />} report={<ReportFacts film={read} />} />
        ) : (
          <AboutPanel />
        )}
      </aside>
      <Announcement />
      <QueueStatus />
      <PrivacyDialog />
      <UpdateBar />
      <ShareLost />
      <ModelsDialog />
      <RefusedNote />
      {intake.isDragActive && (
        <div className="drop-overlay">
          <p>{shared ? t('link.overlay') : t('intake.overlay')}</p>
        </div>
      )}
    </div>
  );
}

function skipToStage(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('stage')?.focus();
}

/** Whether the list is open: beside the film where there is room and several films came, as a sheet when asked for elsewhere. */
function useList(): { readonly open: boolean; readonly sheet: boolean; readonly toggle: () => void } {
  const narrow = useNarrow();
  const [sheetOpen, setSheetOpen] = useState(false);
  const some = useApp((state) => !state.link && (state.films.length > 0 || state.removed.length > 0));
  const shown = useApp((state) => state.listShown);
  const { setListShown } = useActions();
  return {
    open: some && (narrow ? sheetOpen : shown),
    sheet: narrow,
    toggle: () => (narrow ? setSheetOpen(!sheetOpen) : setListShown(!shown)),
  };
}

/** The film on stage. One that is read in an instant keeps its predecessor there until then, so that nothing flickers. */
function useShownFilm(): Film | undefined {
  const film = useApp(currentFilm);
  const previous = useApp(previousFilm);
  const busy = isBetween(film);
  const slow = useDelayed(busy, PATIENCE_MS);
  return busy && !slow ? previous : film;
}

/** On its way to the stage: being read, or decoded again for a result that is there. */
function isBetween(film: Film | undefined): boolean {
  const kind = film?.phase.kind;
  return kind === 'busy' || kind === 'waiting' || (film?.phase.kind === 'kept' && !film.phase.error);
}

/** The stage while a film is read, after it failed, or while it waits. */
function Between({ film, onOpen }: { readonly film: Film; readonly onOpen: () => void }) {
  const { t } = useTranslation();
  const engine = useApp((state) => state.engine);
  const previous = useApp(previousFilm);
  const { cancel, back, openFilm, rereadFilm } = useActions();
  const { phase, name } = film;
  const heading = <h1 className="visually-hidden">{name}</h1>;
  if (phase.kind === 'stopped') return <div className="between">{heading}</div>;
  const error = phase.kind === 'failed' || phase.kind === 'kept' ? phase.error : undefined;
  if (!error) {
    const stage = phase.kind === 'busy' ? phase.stage : phase.kind === 'kept' ? 'decoding' : 'queued';
    return (
      <div className="between">
        {heading}
        <Progress engine={engine} film={{ name, stage }} onCancel={cancel} />
      </div>
    );
  }
  const again = (): void => (phase.kind === 'failed' ? rereadFilm : openFilm)(film.id);
  return (
    <div className="between">
      {heading}
      <ErrorView error={error} name={name} onAgain={again}>
        <button type="button" onClick={onOpen}>
          {t('intake.choose')}
        </button>
        <button type="button" onClick={back}>
          {previous ? t('error.back', { name: previous.name }) : t('error.start')}
        </button>
      </ErrorView>
    </div>
  );
}
