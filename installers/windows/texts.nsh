; What the setup says. One block a language; the system's language chooses, French where it is neither.
!macro Text name french english
  LangString ${name} ${LANG_FRENCH} "${french}"
  LangString ${name} ${LANG_ENGLISH} "${english}"
!macroend
!define Text "!insertmacro Text"

${Text} NeedsAdministrator \
  "L'installation demande un compte administrateur de cette machine." \
  "Setup needs an administrator of this machine."
${Text} WindowsTooOld \
  "Il faut Windows 10 ou Windows Server 2016, 64 bits, ou plus récent." \
  "Windows 10 or Windows Server 2016, 64-bit, or newer is needed."
${Text} AlreadyRunning \
  "Une autre installation de Vaguemestre est en cours." \
  "Another setup of Vaguemestre is under way."
${Text} FolderTaken \
  "Le dossier $INSTDIR contient déjà autre chose. Choisissez un dossier vide ou nouveau (/D=)." \
  "The folder $INSTDIR already holds something else. Choose an empty or a new folder (/D=)."
${Text} InstalledElsewhere \
  "L'agent est déjà installé dans $Installed : mettez-le à jour là-bas (sans /D=), ou désinstallez-le d'abord." \
  "The agent is already installed in $Installed: upgrade it there (without /D=), or uninstall it first."
${Text} NoWayBack \
  "La version installée a fait évoluer la base de l'agent : la version ${VERSION} ne saurait plus la lire. Rien n'a été changé." \
  "The installed version has moved the agent's database on: version ${VERSION} could not read it. Nothing has been changed."
${Text} FilesNotLaid \
  "Des fichiers n'ont pas pu être écrits (disque plein, ou programme en cours d'utilisation dans un autre terminal). La version précédente est restée." \
  "Files could not be written (disk full, or the program is in use in another terminal). The previous version has stayed."
${Text} SelfTestFailed \
  "La version ${VERSION} ne fonctionne pas sur cette machine : son auto-test a échoué. Rien n'a été changé. Détails : $LogFile" \
  "Version ${VERSION} does not work on this machine: its self-test has failed. Nothing has been changed. Details: $LogFile"
${Text} ServiceDidNotStop \
  "Le service ne s'arrête pas. Rien n'a été changé." \
  "The service does not stop. Nothing has been changed."
${Text} ServiceNotMade \
  "Le service n'a pas pu être inscrit. Détails : $LogFile" \
  "The service could not be registered. Details: $LogFile"
${Text} AccountRefused \
  "Le compte du service a été refusé par Windows (nom, mot de passe, ou fichier du mot de passe)." \
  "Windows has refused the service's account (name, password, or password file)."
${Text} DidNotStart \
  "Le service ne démarre pas. Détails : $LogFile" \
  "The service does not start. Details: $LogFile"
${Text} PreviousIsBack \
  "La version ${VERSION} n'a pas démarré : la version précédente est remise et relancée. Détails : $LogFile" \
  "Version ${VERSION} did not start: the previous version is back and running. Details: $LogFile"
${Text} AnswersWrong \
  "Le fichier de réponses est absent ou faux : $Answers. L'agent n'est pas configuré. Détails : $LogFile" \
  "The answer file is missing or wrong: $Answers. The agent is not configured. Details: $LogFile"
${Text} AnswersNotDone \
  "L'agent est installé, mais ce que demande le fichier de réponses n'a pas pu être fait (enrôlement, vérification). Relancez la même commande. Détails : $LogFile" \
  "The agent is installed, but what the answer file asks could not be done (enrolment, check). Run the same command again. Details: $LogFile"
${Text} ConfigKept \
  "La configuration de cette machine est gardée ; le fichier de réponses dit autre chose (overwrite: true la remplacerait)." \
  "This machine's configuration is kept; the answer file says something else (overwrite: true would replace it)."
${Text} Installed_ \
  "Vaguemestre Agent ${VERSION} est installé." \
  "Vaguemestre Agent ${VERSION} is installed."
${Text} Laying \
  "Préparation de la version ${VERSION}" \
  "Preparing version ${VERSION}"
${Text} Testing \
  "Auto-test de la version ${VERSION}" \
  "Self-test of version ${VERSION}"
${Text} Switching \
  "Mise en place" \
  "Putting in place"
${Text} Configuring \
  "Configuration selon le fichier de réponses" \
  "Configuration as the answer file says"
${Text} Starting \
  "Démarrage du service" \
  "Starting the service"
${Text} ConfigureNow \
  "Configurer l'agent maintenant" \
  "Configure the agent now"
${Text} Unsent \
  "Des plis ne sont pas encore partis, ou leur nombre n'a pas pu être lu : rien n'a été effacé. Laissez l'agent les envoyer, ou ajoutez /LOSEUNSENT pour les perdre." \
  "Envelopes have not been sent yet, or their number could not be read: nothing has been deleted. Let the agent send them, or add /LOSEUNSENT to lose them."
${Text} NotStoppedForRemoval \
  "Le service ne s'arrête pas : rien n'a été retiré." \
  "The service does not stop: nothing has been removed."
${Text} PurgeFailed \
  "Les données n'ont pas toutes pu être effacées. Détails : $LogFile" \
  "Not all data could be deleted. Details: $LogFile"
