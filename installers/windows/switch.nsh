; The parts of a home, and how one set takes the place of another.

!macro EachPart do
  !insertmacro ${do} "runtime"
  !insertmacro ${do} "release-keys"
  !insertmacro ${do} "versions"
  !insertmacro ${do} "launch.mjs"
  !insertmacro ${do} "${PRODUCT}.cmd"
  !insertmacro ${do} "LICENSE.txt"
  !insertmacro ${do} "uninstall.exe"
  !insertmacro ${do} "install.json"
!macroend

!macro TakePart part
  ${If} $0 = 1
    ${If} ${FileExists} "$INSTDIR\${part}"
      StrCpy $R1 "$INSTDIR\${part}"
      StrCpy $R2 "$INSTDIR\outgoing\${part}"
      Call MoveOne
    ${EndIf}
    ${If} $0 = 1
      StrCpy $R1 "$INSTDIR\incoming\${part}"
      StrCpy $R2 "$INSTDIR\${part}"
      Call MoveOne
    ${EndIf}
  ${EndIf}
!macroend

!macro ReturnPart part
  ${If} ${FileExists} "$INSTDIR\outgoing\${part}"
    RMDir /r "$INSTDIR\${part}"
    Delete "$INSTDIR\${part}"
    StrCpy $R1 "$INSTDIR\outgoing\${part}"
    StrCpy $R2 "$INSTDIR\${part}"
    Call MoveOne
  ${EndIf}
!macroend

!macro RemovePart part
  RMDir /r "$INSTDIR\${part}"
  Delete "$INSTDIR\${part}"
!macroend

; $R1 → $R2. Scanners hold new programs for a moment. → $0: 1 done
Function MoveOne
  Push $1
  StrCpy $1 0
  ${Do}
    ClearErrors
    Rename "$R1" "$R2"
    StrCpy $0 1
    ${IfNot} ${Errors}
      ${ExitDo}
    ${EndIf}
    StrCpy $0 0
    Sleep 500
    IntOp $1 $1 + 1
  ${LoopUntil} $1 > 20
  Pop $1
FunctionEnd

; → $0: 1 done; else to be moved back
Function MoveIn
  RMDir /r "$INSTDIR\outgoing"
  CreateDirectory "$INSTDIR\outgoing"
  StrCpy $0 1
  !insertmacro EachPart "TakePart"
  ${If} $0 = 1
    RMDir /r "$INSTDIR\incoming"
  ${EndIf}
FunctionEnd

Function MoveBack
  ${If} $IsUpgrade = 0
    !insertmacro EachPart "RemovePart"
  ${EndIf}
  !insertmacro EachPart "ReturnPart"
  RMDir "$INSTDIR\outgoing"
FunctionEnd

; A setup that lost its power between two moves. Where the service runs, it had come to its end.
Function PutBackWhatWasBrokenOff
  ${IfNot} ${FileExists} "$INSTDIR\outgoing\*.*"
    Return
  ${EndIf}
  Call ServiceState
  ${If} $0 <= ${STOPPED}
    Call MoveBack
  ${Else}
    RMDir /r "$INSTDIR\outgoing"
  ${EndIf}
FunctionEnd

Function RemoveProgram
  SetOutPath "$TEMP"
  !insertmacro EachPart "RemovePart"
  RMDir /r "$INSTDIR\incoming"
  RMDir /r "$INSTDIR\outgoing"
  RMDir "$INSTDIR"
  DeleteRegKey HKLM "${UNINSTALL_KEY}"
FunctionEnd
